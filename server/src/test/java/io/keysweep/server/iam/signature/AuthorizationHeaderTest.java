package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the rules for the Authorization header with headers that no SDK would send. */
final class AuthorizationHeaderTest {

    private static final String SIGNATURE = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final SignatureVerifierFixture fixture = new SignatureVerifierFixture();

    @Test
    void verify_withoutAnAuthorizationHeader_isRefused() {
        fixture.assertRefused(fixture.unsigned(), SignatureRefusalReason.NO_AUTHORIZATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer abc", "SDK-HMAC-SHA512 Access=A", "sdk-hmac-sha256 Access=A", "\u0000"})
    void verify_withAnotherScheme_isRefused(String authorization) {
        fixture.assertRefused(fixture.withAuthorization(authorization), SignatureRefusalReason.UNSUPPORTED_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SDK-HMAC-SHA256",
                "SDK-HMAC-SHA256 Access=A",
                "SDK-HMAC-SHA256 Access=, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A B, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=;x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date;, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date;host, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=host;host;x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=X-Sdk-Date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=",
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=0" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=ABCDEF0123456789",
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE + ", More=1",
                "SDK-HMAC-SHA256 Credential=A/20261124/r/s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Credential=A/2026/r/s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Credential=A/20261124//s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE
            })
    void verify_withAMalformedHeader_isRefused(String authorization) {
        fixture.assertRefused(fixture.withAuthorization(authorization), SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @Test
    void verify_withAHeaderOfMoreThan4Kib_isRefused() {
        String longName = "x-" + "a".repeat(4096);
        SignedRequest request = ChangedRequests.withHeader(fixture.unsigned(), longName, "value");
        String text = "SDK-HMAC-SHA256 Access=A, SignedHeaders=" + longName + ", Signature=" + SIGNATURE;

        fixture.assertRefused(
                ChangedRequests.withHeader(request, "authorization", text),
                SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @Test
    void verify_withBlanksAroundTheParts_isVerified() {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");
        String text = ChangedRequests.value(signed, "authorization");

        fixture.assertVerified(ChangedRequests.withHeader(
                signed, "authorization", "  " + text.replace(", ", ",").replace(" ", "   ") + "  "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u000b", "\u2003"})
    void verify_withOtherWhiteSpaceAfterTheHeader_isRefused(String space) {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");
        String text = ChangedRequests.value(signed, "authorization");

        fixture.assertRefused(
                ChangedRequests.withHeader(signed, "authorization", text + space),
                SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @ParameterizedTest
    @EnumSource(
            value = SignatureAlgorithm.class,
            names = {"SDK_ECDSA_P256_SHA256", "SDK_SM2_SM3"})
    void verify_withBytesThatEncodeNoSignature_isRefused(SignatureAlgorithm algorithm) {
        // The bytes are not the DER encoding of two numbers, or the numbers cannot be a signature.
        List<String> encodings = List.of(
                "0000000000000000",
                "0500000000000000",
                "3006020100020100",
                "3006020101020101",
                "3006040101040101",
                "3080020101020101",
                "30060201010201010000",
                "30080202000102020001",
                "3006020181020181",
                "0406020101020101",
                "ff".repeat(72),
                "30".repeat(80),
                "3084ffffffff0201");

        assertThat(encodings)
                .allSatisfy(encoding -> fixture.assertRefused(
                        fixture.withAuthorization(algorithm.wireName() + " Access="
                                + fixture.key().accessKey() + ", SignedHeaders=x-sdk-date, Signature=" + encoding),
                        SignatureRefusalReason.SIGNATURE_MISMATCH));
    }
}
