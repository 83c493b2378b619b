from cnnviz.lessons.learned_kernels import LESSON
from cnnviz.lessons.learned_kernels.view import show_learned_kernels
from cnnviz.site.page import show

show(LESSON, show_learned_kernels)
