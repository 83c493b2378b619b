from cnnviz.lessons.where_it_looks import LESSON
from cnnviz.lessons.where_it_looks.view import show_where
from cnnviz.site.page import show

show(LESSON, show_where)
