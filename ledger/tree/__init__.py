"""The Merkle tree of RFC 6962 and signed notes. Pure; travels whole in a bundle."""
