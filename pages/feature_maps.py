from cnnviz.lessons.feature_maps import LESSON
from cnnviz.lessons.feature_maps.view import show_feature_maps
from cnnviz.site.page import show

show(LESSON, show_feature_maps)
