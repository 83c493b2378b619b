from cnnviz.lessons.train_filter import LESSON
from cnnviz.lessons.train_filter.view import show_train_filter
from cnnviz.site.page import show

show(LESSON, show_train_filter)
