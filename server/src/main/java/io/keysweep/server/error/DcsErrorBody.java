package io.keysweep.server.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Holds the body of every error response under {@code /v2} and {@code /v3}.
 *
 * <p>The official SDKs read {@code error_code} and {@code error_msg}, which are never null.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DcsErrorBody(
        @JsonProperty("error_code") String errorCode,
        @JsonProperty("error_msg") String errorMsg,
        @JsonProperty("error_ext_msg") @Nullable String errorExtMsg) {}
