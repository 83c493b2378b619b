from cnnviz.lessons.volumes import LESSON
from cnnviz.lessons.volumes.controls import VOLUMES_OPERATION
from cnnviz.lessons.volumes.trace import trace_volumes
from cnnviz.lessons.volumes.view import EXAMPLE, HOW, volumes_code, volumes_words
from cnnviz.site.page import show_on_stage

show_on_stage(LESSON, VOLUMES_OPERATION, trace_volumes, volumes_words, volumes_code, typed={}, how=HOW, example=EXAMPLE)
