/** Tests the picture of keys, the model of native expiry, and forecasts. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.insight;
