"""The linter of annual reports (校核): it reads a report as people publish it and says what is wrong with it.

``source`` and ``document`` know where things stand in a text, ``numbers`` what is counted, ``reading`` which tables it
holds, ``registry`` the rules, ``rules_*`` what each of them looks for. This package knows nothing of our own report;
``linting.py`` beside it does.
"""
