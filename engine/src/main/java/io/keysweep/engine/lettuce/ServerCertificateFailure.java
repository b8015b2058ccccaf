package io.keysweep.engine.lettuce;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.Tls;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Explains to the user why the client does not accept the certificate of a node, and names the certificate at fault.
 *
 * <p>The faulty certificate is the node's own, one of an authority that the node presents with it, or one in the user's
 * CA file. Java does not check the dates of the certificates in the CA file, so an authority there stays trusted after
 * it has expired. The message names expired certificates of that file where they may be the cause.
 *
 * @param tls the settings of the connection, which the message names
 */
record ServerCertificateFailure(Tls tls) {

    /**
     * Matches the beginning of Java's message about a certificate for another name or address: "No subject alternative
     * …" or "No name …".
     */
    private static final Pattern OTHER_NAME = Pattern.compile("No (?:subject alternative|name )");

    /**
     * A part of Java's message about a certificate in the CA file that has signed the node's certificate, but is not a
     * CA certificate.
     */
    private static final String NOT_A_CA_CERTIFICATE = "TrustAnchor with subject";

    /** The longest name of a certificate in a message. */
    private static final int MAX_NAME_LENGTH = 100;

    /** The largest number of certificates of the CA file that a message names. */
    private static final int MAX_NAMED = 3;

    /**
     * Returns the part of the message after the node's address. The order of the checks matters, because most causes
     * also appear as an invalid path of certificates, which is checked last but one.
     */
    String explain(CertificateException error) {
        CertPathValidatorException path = ExceptionCauses.find(error, CertPathValidatorException.class);
        if (ExceptionCauses.find(error, CertificateExpiredException.class) != null) {
            return outOfDate(path, "has expired", "renew it");
        }
        if (ExceptionCauses.find(error, CertificateNotYetValidException.class) != null) {
            return outOfDate(path, "is not valid yet", "compare the clocks of both machines");
        }

        String why = ExceptionCauses.deepest(error);
        if (path != null && path.getReason() == BasicReason.ALGORITHM_CONSTRAINED) {
            return "presents a certificate that is too weak for Java: " + why
                    + "; reissue it with a longer key and a newer signature algorithm";
        }

        X509Certificate faulty = faultyAuthority(path);
        if (faulty != null) {
            return "presents a certificate that is not trusted: " + name(faulty)
                    + " in the chain that it presents is not a valid CA certificate: " + why
                    + "; reissue it as a CA certificate";
        }
        if (why.contains(NOT_A_CA_CERTIFICATE)) {
            return "presents a certificate that is not trusted: it is signed by a certificate "
                    + authoritiesLocation()
                    + " that is not a CA certificate" + faultsInFile()
                    + "; reissue that certificate with the extension basicConstraints CA:TRUE";
        }
        if (path != null || ExceptionCauses.find(error, CertPathBuilderException.class) != null) {
            return "presents a certificate that is not trusted: none of the authorities " + authoritiesLocation()
                    + " signed it" + faultsInFile()
                    + "; configure a CA file that contains the certificate of the authority that signed it";
        }

        return OTHER_NAME.matcher(why).lookingAt()
                ? "presents a certificate that does not match: " + why
                        + "; connect by a name or address in the certificate, or reissue it for this one"
                : "presents a certificate that cannot be used: " + why + "; reissue it as one for servers";
    }

    /**
     * Explains a certificate that has expired or is not valid yet.
     *
     * @param state the state of the certificate, for example {@code has expired}
     */
    private static String outOfDate(@Nullable CertPathValidatorException path, String state, String remedy) {
        X509Certificate authority = faultyAuthority(path);
        return authority == null
                ? "presents a certificate that " + state + "; " + remedy
                : "presents a certificate whose authority " + state + ": " + name(authority) + ", valid from "
                        + authority.getNotBefore().toInstant() + " until "
                        + authority.getNotAfter().toInstant() + ", in the chain that it presents; " + remedy;
    }

    /** Returns the faulty certificate if it belongs to an authority in the node's chain; null otherwise. */
    private static @Nullable X509Certificate faultyAuthority(@Nullable CertPathValidatorException path) {
        if (path == null || path.getCertPath() == null || path.getIndex() < 1) {
            return null;
        }
        Certificate faulty = path.getCertPath().getCertificates().get(path.getIndex());
        return faulty instanceof X509Certificate certificate ? certificate : null;
    }

    /** Returns where the trusted authorities are, such as {@code that Java trusts} or {@code in CA file ca.pem}. */
    private String authoritiesLocation() {
        return tls.authorities() == null
                ? "that Java trusts"
                : "in " + tls.authorities().named("CA");
    }

    /**
     * Returns the faulty certificates in the CA file with their faults, in parentheses; an empty text if there are
     * none.
     */
    private String faultsInFile() {
        String faults = readAuthorities().stream()
                .flatMap(certificate -> fault(certificate).stream())
                .limit(MAX_NAMED)
                .collect(Collectors.joining(", "));
        return faults.isEmpty() ? "" : " (in that file: " + faults + ")";
    }

    private List<X509Certificate> readAuthorities() {
        try {
            List<X509Certificate> authorities = tls.readAuthorities();
            return authorities == null ? List.of() : authorities;
        } catch (IllegalArgumentException e) {
            // The file was replaced since the connection was opened.
            return List.of();
        }
    }

    /** Returns the name of a certificate in the CA file and its fault; empty if the certificate has no fault. */
    private static Optional<String> fault(X509Certificate certificate) {
        if (certificate.getBasicConstraints() < 0) {
            return Optional.of(name(certificate) + " is not a CA certificate");
        }
        try {
            certificate.checkValidity();
            return Optional.empty();
        } catch (CertificateExpiredException e) {
            return Optional.of(name(certificate) + " has expired at "
                    + certificate.getNotAfter().toInstant());
        } catch (CertificateNotYetValidException e) {
            return Optional.of(name(certificate) + " is not valid before "
                    + certificate.getNotBefore().toInstant());
        }
    }

    private static String name(X509Certificate certificate) {
        return "'" + ForeignText.excerpt(certificate.getSubjectX500Principal().getName(), MAX_NAME_LENGTH) + "'";
    }
}
