"""Plain text as training and evaluation need it: documents, of which nothing is asked."""

from phasemix.tasks.task import Task

TASK = Task
