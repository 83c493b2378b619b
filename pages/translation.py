from cnnviz.lessons.translation import LESSON
from cnnviz.lessons.translation.view import show_translation
from cnnviz.site.page import show

show(LESSON, show_translation)
