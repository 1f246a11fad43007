#!/bin/sh
echo "$GREETING, layers!"
