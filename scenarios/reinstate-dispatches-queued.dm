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
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
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
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
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
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# Without a path process_queued_bios takes the bios to a list of its own
# and queues each again (__multipath_queue_bio), over and over: arrivals
# and reinstate_path in between change the order: a, c, b.
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
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# Without a path process_queued_bios takes the bios to a list of its own
# and queues each again (__multipath_queue_bio), over and over: arrivals
# and reinstate_path in between change the order: c first.
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
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# blk_mq_requeue_request puts each at the tail of requeue_list, and
# blk_mq_requeue_work, which reinstate_path kicks, inserts each at the
# HEAD (blk_mq_insert_request): c, b, a.
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
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# Without a path process_queued_bios takes the bios to a list of its own
# and queues each again (__multipath_queue_bio), over and over: arrivals
# and reinstate_path in between change the order: b, a, c.
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
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# Without a path process_queued_bios takes the bios to a list of its own
# and queues each again (__multipath_queue_bio), over and over: arrivals
# and reinstate_path in between change the order: b, c, a.
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
io c = ok, reads -*4 b*8
  0 2048 multipath 2 0 0 0 1 1 A 0 2 0 8:0 F 1 8:16 A 1
status mp = ok
  State:             ACTIVE
  Tables present:    LIVE
  Open count:        0
  Event number:      3
