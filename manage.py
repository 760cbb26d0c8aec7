#!/usr/bin/env python3
"""Kijun's command line: ``python manage.py help`` lists the commands (管理コマンド)."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "municipal.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
