from cnnviz.lessons.blocks import LESSON
from cnnviz.lessons.blocks.view import show_blocks
from cnnviz.site.page import show

show(LESSON, show_blocks)
