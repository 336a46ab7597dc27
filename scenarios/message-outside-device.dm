# A message names the sector whose target it is for. Beyond the end
# of the device there is no target: "Target message sector outside
# device." is -EINVAL. A target without messages refuses them too
# ("Target type does not support messages").
era: 2.6.20
mode: bio

disk sda 2048
create mp
  0 1024 multipath 0 0 1 1 round-robin 0 1 1 /dev/sda 1000
create flat
  0 1024 linear /dev/sda 1024
message mp 1023 queue_if_no_path
message mp 1024 queue_if_no_path
message flat 0 queue_if_no_path
----
create mp = ok
create flat = ok
message mp 1023 queue_if_no_path = ok
message mp 1024 queue_if_no_path = EINVAL
message flat 0 queue_if_no_path = EINVAL
