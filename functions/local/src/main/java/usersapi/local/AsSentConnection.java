package usersapi.local;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A connection that reads requests as API Gateway does: the names of headers keep their case, and {@code Upgrade} is
 * ignored.
 */
final class AsSentConnection extends HttpConnection {

    /** Set by the superclass's constructor, so it must have no initializer. */
    private HttpConnection.RequestHandler handler;

    private AsSentConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    /** Makes such connections. */
    static HttpConnectionFactory factory(HttpConfiguration configuration) {
        return new HttpConnectionFactory(configuration) {

            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                return configure(new AsSentConnection(configuration, connector, endPoint), connector, endPoint);
            }
        };
    }

    @Override
    protected HttpParser newHttpParser(HttpCompliance compliance) {
        return new AsSentParser(handler, getHttpConfiguration().getRequestHeaderSize(), compliance);
    }

    @Override
    protected HttpConnection.RequestHandler newRequestHandler() {
        handler = new WithoutUpgrade();
        return handler;
    }

    /** Jetty answers 400 to {@code Upgrade} without {@code Connection: Upgrade}. */
    private final class WithoutUpgrade extends HttpConnection.RequestHandler {

        @Override
        public void parsedHeader(HttpField field) {
            if (field.getHeader() != HttpHeader.UPGRADE) {
                super.parsedHeader(field);
            }
        }
    }

    private static final class AsSentParser extends HttpParser {

        AsSentParser(HttpParser.RequestHandler handler, int maxHeaderBytes, HttpCompliance compliance) {
            super(handler, maxHeaderBytes, compliance);
        }

        /**
         * Jetty's parser looks ahead and replaces a known name by its own spelling. If it gets one byte at a time, it
         * cannot.
         */
        @Override
        public boolean parseNext(ByteBuffer buffer) {
            int limit = buffer.limit();
            try {
                while (inHeaderState() && buffer.position() < limit) {
                    buffer.limit(buffer.position() + 1);
                    if (super.parseNext(buffer)) {
                        return true;
                    }
                }
            } finally {
                buffer.limit(limit);
            }
            return super.parseNext(buffer);
        }

        @Override
        protected String caseInsensitiveHeader(String sent, String usual) {
            return sent;
        }
    }
}
