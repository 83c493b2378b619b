from cnnviz.lessons.receptive_field import LESSON
from cnnviz.lessons.receptive_field.view import show_receptive_field
from cnnviz.site.page import show

show(LESSON, show_receptive_field)
