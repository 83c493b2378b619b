from cnnviz.lessons.build import LESSON
from cnnviz.lessons.build.view import show_build
from cnnviz.site.page import show

show(LESSON, show_build)
