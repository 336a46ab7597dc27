# a and b are pushed back twice, c is deferred the first time and pushed
# back the second: the order in which they came stays (a regression
# check only: N1). Each write is shorter than the one before, so that
# the read shows the order.
era: 2.6.20 2.6.19
mode: bio

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 0 1 1 \
    round-robin 0 1 1 /dev/sda 1000
message mp 0 fail_path /dev/sda
io a mp w 0 8
io b mp w 0 6
suspend mp --noflush
io c mp w 0 4
resume mp
suspend mp --noflush
io d mp w 0 2
message mp 0 reinstate_path /dev/sda
resume mp
wait a
wait b
wait c
wait d
io e mp r 0 8
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io a = ok
io b = ok
io c = ok
io d = ok
io e = ok, reads d*2 c*2 b*2 a*2
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
io b = EIO
suspend mp --noflush = ok
resume mp = ok
io c = EIO
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = ok
resume mp = ok
io d = ok
io e = ok, reads d*2 -*6
---- kernel 6.1 6.12
# multipath_message: -EBUSY while dm_suspended, so the path stays
# failed: the resume finds none, and a to d wait in the target, so that
# `wait a` never ends.
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush = ok
resume mp = ok
suspend mp --noflush = ok
message mp 0 reinstate_path /dev/sda = EBUSY
resume mp = ok
io a = held in the target
io b = held in the target
io c = held in the target
io d = held in the target
io e = not issued
