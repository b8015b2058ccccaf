/** Automatic scans: the configuration of an instance, its rules, and the schedule that follows from it. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.autoscan;
