from cnnviz.lessons.frameworks import LESSON
from cnnviz.lessons.frameworks.view import show_frameworks
from cnnviz.site.page import show

show(LESSON, show_frameworks)
