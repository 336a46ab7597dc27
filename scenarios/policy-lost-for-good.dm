# A second suspend after an interrupted one saves the policy that the
# first has set, which is not to queue: it is lost for good, and there
# is no push-back during that suspend, because current and saved policy
# are equal (F1). b loses its path and fails in a noflush suspend.
era: 2.6.20
mode: bio rq

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
hold sda
io a mp r 0 8
suspend mp --noflush --tag s &
signal s
wait s
io b mp r 0 8
suspend mp --noflush --tag t &
release sda error
wait t
resume mp
table mp
----
create mp = ok
suspend mp --noflush --tag s = EINTR
io a = EIO
io b = EIO
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 0 0 1 1 round-robin 0 1 1 8:0 1000
table mp = ok
---- kernel 6.1 6.12
create mp = ok
suspend mp --noflush --tag s = EINTR
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the target
io b = held in the target
---- kernel 6.1 6.12 rq
create mp = ok
suspend mp --noflush --tag s = EINTR
suspend mp --noflush --tag t = ok
resume mp = ok
  0 2048 multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 8:0 1
table mp = ok
io a = held in the core
io b = held in the core
