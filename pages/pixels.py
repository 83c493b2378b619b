from cnnviz.lessons.pixels import LESSON
from cnnviz.lessons.pixels.view import show_pixels
from cnnviz.site.page import show

show(LESSON, show_pixels)
