# Mail 07/11, queued_no_paths_queue: no path, and the policy is to
# queue. The target holds the I/O: what was on its way when the last
# path went, and what comes later.
era: 2.6.20 2.6.19
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
offline sda
io a mp r 0 8
io b mp w 0 8
status mp
----
create mp = ok
  0 2048 multipath 1 2 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the target
io b = held in the target
---- kernel 6.1 6.12
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the target
io b = held in the target
---- kernel 6.1 6.12 rq
# multipath_status: INFO begins with 2, the bit QUEUE_IO and
# pg_init_count; 2.6.20 printed 1 and the number of queued I/Os.
# multipath_end_io: DM_ENDIO_REQUEUE when the path fails;
# multipath_clone_and_map: DM_MAPIO_DELAY_REQUEUE without one
# (must_push_back_rq): a and b are back in blk-mq, not in flight.
create mp = ok
  0 2048 multipath 2 0 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
io b = held in the core
