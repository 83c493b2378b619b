from cnnviz.lessons.your_code import LESSON
from cnnviz.lessons.your_code.view import show_your_code
from cnnviz.site.page import show

show(LESSON, show_your_code)
