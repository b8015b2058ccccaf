/** What requests of the native API have in common: documents read strictly, versions, creates that may be sent again. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.request;
