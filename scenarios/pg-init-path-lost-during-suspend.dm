# As pg-init-during-suspend, but the path goes while the group is being
# initialised: the target pushes the I/O back.
era: 2.6.20 2.6.19
mode: bio
model-only: the handler's command ends when the file says so

disk sda 2048
create mp
  0 2048 multipath 1 queue_if_no_path 1 emc 1 1 \
    round-robin 0 1 1 /dev/sda 1000
io a mp r 0 8
suspend mp --noflush --tag s &
message mp 0 fail_path /dev/sda
step mp.pg_init_complete
wait s
status mp
---- 2.6.20
create mp = ok
message mp 0 fail_path /dev/sda = ok
suspend mp --noflush --tag s = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
io a = held in the core
---- 2.6.19
create mp = ok
message mp 0 fail_path /dev/sda = ok
io a = EIO
suspend mp --noflush --tag s = ok
  0 2048 multipath 1 0 0 1 1 E 0 1 0 8:0 F 1
status mp = ok
