from cnnviz.lessons.channels import LESSON
from cnnviz.lessons.channels.controls import CHANNELS_OPERATION
from cnnviz.lessons.channels.trace import trace_channels
from cnnviz.lessons.channels.view import EXAMPLE, HOW, channels_code, channels_words
from cnnviz.site.page import show_on_stage

show_on_stage(
    LESSON, CHANNELS_OPERATION, trace_channels, channels_words, channels_code, typed={}, how=HOW, example=EXAMPLE
)
