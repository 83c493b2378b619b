from cnnviz.lessons.signals import LESSON
from cnnviz.lessons.signals.view import show_signals
from cnnviz.site.page import show

show(LESSON, show_signals)
