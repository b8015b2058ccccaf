/** What tests stand on: real servers on free ports, a raw client, loaders of expired keys and a clock that stands still. */
@org.jspecify.annotations.NullMarked
package io.keysweep.testkit;
