from cnnviz.lessons.networks import LESSON
from cnnviz.lessons.networks.view import show_networks
from cnnviz.site.page import show

show(LESSON, show_networks)
