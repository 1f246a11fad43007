#!/bin/sh
echo "service of $(wc -c </opt/service.bin) bytes"
