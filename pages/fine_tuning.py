from cnnviz.lessons.fine_tuning import LESSON
from cnnviz.lessons.fine_tuning.view import show_fine_tuning
from cnnviz.site.page import show

show(LESSON, show_fine_tuning)
