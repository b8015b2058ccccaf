/** Commands that talk to a running service, and the client they use. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.service;
