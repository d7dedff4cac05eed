/** Does nothing: how late its event loop is, every event loop on this machine is. */
setInterval(() => undefined, 60_000);
