import traceback
from municipal.places import demo
from municipal.residents.management.commands import make_town as m
def test_x(monkeypatch, request):
    def f(*a): print("DBG", "".join(traceback.format_stack()[-3:-1]))
    monkeypatch.setattr(m, "furnish", f); monkeypatch.setattr(demo, "load_blocks", lambda **k: f())
    request.getfixturevalue("two_towns")
