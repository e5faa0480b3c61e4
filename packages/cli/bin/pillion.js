#!/usr/bin/env node
// npm makes a command of what is there when it installs: in a checkout the build comes later.
import '../dist/main.js'
