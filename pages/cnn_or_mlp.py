from cnnviz.lessons.cnn_or_mlp import LESSON
from cnnviz.lessons.cnn_or_mlp.view import show_cnn_or_mlp
from cnnviz.site.page import show

show(LESSON, show_cnn_or_mlp)
