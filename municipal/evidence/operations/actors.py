"""Who acts where nobody is signed in: the server of the network, the clock (サインインしていない行為者)."""

from municipal.core.actors import System

SERVER = System(name="linkage_server")
CLOCK = System(name="evidence")
