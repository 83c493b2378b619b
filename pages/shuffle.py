from cnnviz.lessons.shuffle import LESSON
from cnnviz.lessons.shuffle.controls import SHUFFLE
from cnnviz.lessons.shuffle.trace import trace_shuffle
from cnnviz.lessons.shuffle.view import shuffle_code, shuffle_words
from cnnviz.site.page import show_on_stage

show_on_stage(LESSON, SHUFFLE, trace_shuffle, shuffle_words, shuffle_code)
