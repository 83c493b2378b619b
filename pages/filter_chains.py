from cnnviz.lessons.filter_chains import LESSON
from cnnviz.lessons.filter_chains.view import show_filter_chains
from cnnviz.site.page import show

show(LESSON, show_filter_chains)
