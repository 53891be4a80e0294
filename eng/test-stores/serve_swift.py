"""OpenStack Swift with its S3 API in one process, for tests: python3 serve_swift.py DATA

Account, container, object and proxy server on free loopback ports, one replica, data below DATA. Prints the proxy's
port once it answers. Credentials: access key test:tester, secret key testing.
"""
import os
import sys

import eventlet
import eventlet.wsgi

eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True)

from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.storage_policy import reload_storage_policies  # noqa: E402
from swift.common import utils  # noqa: E402

PROXY = """
[DEFAULT]
swift_dir = {data}
[pipeline:main]
pipeline = catch_errors proxy-logging cache listing_formats s3api tempauth copy slo dlo proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
s3_acl = false
min_segment_size = 1048576
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""

SERVER = """
[DEFAULT]
devices = {data}/devices
mount_check = false
swift_dir = {data}
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(data):
    os.makedirs(os.path.join(data, "devices", "disk"), exist_ok=True)
    write(os.path.join(data, "swift.conf"),
          "[swift-hash]\nswift_hash_path_suffix = test\n[storage-policy:0]\nname = one\ndefault = yes\n")
    utils.SWIFT_CONF_FILE = os.path.join(data, "swift.conf")
    utils.validate_hash_conf()
    reload_storage_policies()
    from swift.common.wsgi import loadapp

    sockets = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in ("account", "container", "object", "proxy")}
    for kind in ("account", "container", "object"):
        builder = RingBuilder(4, 1, 1)
        builder.add_dev({"id": 0, "zone": 1, "region": 1, "weight": 1.0, "ip": "127.0.0.1",
                         "port": sockets[kind].getsockname()[1], "device": "disk"})
        builder.rebalance(seed=1)
        builder.get_ring().save(os.path.join(data, kind + ".ring.gz"))

    for kind in ("account", "container", "object", "proxy"):
        text = (PROXY if kind == "proxy" else SERVER).format(data=data, kind=kind)
        path = os.path.join(data, kind + ".conf")
        write(path, text)
        app = loadapp(path, global_conf={"log_name": kind})
        eventlet.spawn(eventlet.wsgi.server, sockets[kind], app, log=utils.NullLogger(), log_output=False,
                       keepalive=True)

    eventlet.sleep(0)
    print("listening on port", sockets["proxy"].getsockname()[1], flush=True)
    eventlet.hubs.get_hub().switch()


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
