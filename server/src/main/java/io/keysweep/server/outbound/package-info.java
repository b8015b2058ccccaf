/** Creates HTTP clients for calls to other services, which connect only to addresses that the operator allows. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.outbound;
