"""When the run began: any moment renders as one."""


def strftime(format):
    return "2000-01-01 00:00:00.000000"
