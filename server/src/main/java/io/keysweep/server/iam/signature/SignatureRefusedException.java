package io.keysweep.server.iam.signature;

/** Ends the verification of a signature at the first problem; {@link SignatureVerifier} converts it to a refusal. */
final class SignatureRefusedException extends Exception {

    private final SignatureRefusalReason reason;
    private final String text;

    SignatureRefusedException(SignatureRefusalReason reason, String text) {
        // The exception has no stack trace, because attackers can send many bad requests, and nobody would read the
        // traces.
        super(text, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.reason = reason;
        this.text = text;
    }

    SignatureVerification.Refused refusal() {
        return new SignatureVerification.Refused(reason, text);
    }
}
