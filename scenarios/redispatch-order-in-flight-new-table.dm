# Three writes come back from the disk, each from a path of its own, the
# last first: the order of pushback is that of completion, and so is the
# order in which 2.6.20 issues them again over the new table (N1).
era: 2.6.20
mode: bio rq

disk sda 2048
disk sdb 2048 lun sda
disk sdc 2048 lun sda
disk sdd 2048 lun sda
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 3 1 /dev/sda 1 /dev/sdb 1 /dev/sdc 1
hold sda
hold sdb
hold sdc
message mp 0 fail_path /dev/sdb
message mp 0 fail_path /dev/sdc
io a mp w 0 4
message mp 0 fail_path /dev/sda
message mp 0 reinstate_path /dev/sdb
io b mp w 2 4
message mp 0 fail_path /dev/sdb
message mp 0 reinstate_path /dev/sdc
io c mp w 4 4
message mp 0 fail_path /dev/sdc
suspend mp --noflush --tag s &
release sdc error
release sdb error
release sda error
wait s
load mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sdd 1000
resume mp
wait a
wait b
wait c
io d mp r 0 8
----
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io c = ok
io b = ok
io a = ok
io d = ok, reads a*4 b*2 c*2
---- kernel 6.1 6.12
# dm_requeue_add_io puts each bio at the HEAD of md->deferred, and
# dm_wq_work submits from there: the order is that of completion
# reversed, a, b, c.
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok, reads a*2 b*2 c*4
---- kernel 6.1 6.12 rq
# multipath_end_io: DM_ENDIO_REQUEUE. blk_mq_requeue_work runs after
# each answer, although the queue is stopped, and inserts it at the HEAD
# (blk_mq_sched_insert_request, 6.12: blk_mq_insert_request): the order
# is that of completion reversed, a, b, c.
create mp = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 fail_path /dev/sdc = ok
message mp 0 fail_path /dev/sda = ok
message mp 0 reinstate_path /dev/sdb = ok
message mp 0 fail_path /dev/sdb = ok
message mp 0 reinstate_path /dev/sdc = ok
message mp 0 fail_path /dev/sdc = ok
suspend mp --noflush --tag s = ok
load mp = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok, reads a*2 b*2 c*4
