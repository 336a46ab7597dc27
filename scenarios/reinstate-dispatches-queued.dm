# The first path that is reinstated dispatches what waits in the target
# (L4), in the order in which it came. Each change of a path is a table
# event.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 2 1 /dev/sda 1000 /dev/sdb 1000
message mp 0 fail_path /dev/sda
message mp 0 fail_path /dev/sdb
message mp 0 fail_path /dev/sdb
io a mp w 0 8
io b mp w 4 8
io c mp r 0 12
info mp
message mp 0 reinstate_path /dev/sdb
wait c
status mp
info mp
----
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads a*4 b*8
  0 2048 multipath 1 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.1 rq
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads a*4 b*8
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.1 6.12
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads a*4 b*8
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.1
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads a*8 b*4
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.1 6.12
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads a*8 -*4
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.12
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads -*12
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
---- kernel 6.12 rq
create mp = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        3
  Event number:      2
message mp 0 reinstate_path /dev/sdb = ok
io a = ok
io b = ok
io c = ok, reads -*12
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
