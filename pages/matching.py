from cnnviz.lessons.matching import LESSON
from cnnviz.lessons.matching.view import show_matching
from cnnviz.site.page import show

show(LESSON, show_matching)
