from cnnviz.lessons.filters import LESSON
from cnnviz.lessons.filters.view import show_filters
from cnnviz.site.page import show

show(LESSON, show_filters)
