# differs: decodes one z after the other

def image(code):
    return torch.sigmoid(self.decode_output(F.relu(self.decode_hidden(code)))).view(self.image_shape)


x_reconstructed = torch.stack([image(code) for code in z])
