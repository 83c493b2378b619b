from cnnviz.lessons.augmentation import LESSON
from cnnviz.lessons.augmentation.view import show_augment
from cnnviz.site.page import show

show(LESSON, show_augment)
